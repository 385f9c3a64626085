"""Names as small numbers, the same in all files."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class Names:
    """Numbers for names, counting up from 0 as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, column: pa.ChunkedArray) -> NDArray[np.int32]:
        """The number of each name of a column without nulls."""
        encoded = column.combine_chunks().dictionary_encode()
        numbers = [self._numbers.setdefault(name, len(self._numbers)) for name in encoded.dictionary.to_pylist()]
        numbered: NDArray[np.int32] = np.array(numbers, np.int32)[encoded.indices.to_numpy()]
        return numbered

    def list(self) -> list[str]:
        """All names, by number."""
        return list(self._numbers)
