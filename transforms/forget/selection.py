"""What is to be forgotten, as it was asked for."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from transforms.clean.variants import key_address
from transforms.deduplicate.keys import hash_key

Ids = NDArray[np.uint64]


@dataclass(frozen=True)
class Selection:
    """Articles by their address or id, all that came from a source, or all that was filed before a day."""

    urls: tuple[str, ...] = ()  # canonical
    ids: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    before: int = 0  # days since the epoch
    to_the_last: bool = False  # also where no article is filed later

    @cached_property
    def url_keys(self) -> Ids:
        """The keys of the addresses."""
        return np.array([address_key(url) for url in self.urls], np.uint64)


def address_key(url: str) -> int:
    """The key of a canonical URL, the same for all addresses of its page."""
    return hash_key("url", key_address(url))
