"""What a source gives."""

from typing import NamedTuple

from apache_beam.pvalue import PCollection

from schemas.records import Document
from transforms.stream.parcels import Parcel


class Sourced(NamedTuple):
    """Documents to parse, and parcels of what is known of the source, for the window to commit with them."""

    documents: PCollection[Document]
    parcels: PCollection[Parcel]
