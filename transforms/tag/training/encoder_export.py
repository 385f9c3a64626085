"""Turns a trained encoder into the files that the accurate profile reads."""

import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from transforms.tag.encoder.model_files import MODEL, VOCABULARY
from transforms.tag.training.encoder_network import Network

_OPSET = 17
_QUANTISED = ["MatMul", "Gather"]  # dense layers and embeddings


def export_network(network: Network, vocabulary: Path, folder: Path) -> None:
    """Write the network, its weights in eight bits, and its vocabulary to a folder, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / MODEL
        _write_onnx(network.eval(), whole)
        quantize_dynamic(
            whole, folder / MODEL, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=_QUANTISED
        )
    shutil.copyfile(vocabulary, folder / VOCABULARY)


def _write_onnx(network: Network, path: Path) -> None:
    example = torch.ones((2, 3), dtype=torch.int64)
    free = {0: "windows", 1: "pieces"}
    torch.onnx.export(
        network,
        (example, example),
        str(path),
        input_names=["pieces", "cases"],
        output_names=["chances"],
        dynamic_axes={"pieces": free, "cases": free},
        opset_version=_OPSET,
        dynamo=False,  # the other way needs onnxscript and gives the same graph
    )
