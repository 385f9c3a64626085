"""How much of something is in each element of a page."""

from collections.abc import Iterable

from selectolax.lexbor import LexborNode


class Weights:
    """How many characters of some kind stand in an element and in those inside of it, by its mem_id."""

    def __init__(self, pieces: Iterable[tuple[LexborNode | None, int]], top: LexborNode) -> None:
        """`pieces` are elements within `top`, and the characters in each that count."""
        self.own: dict[int, int] = {}
        self.nodes = {top.mem_id: top}  # those around come before those inside
        self.around: dict[int, int] = {}
        for node, size in pieces:
            if node is not None:
                key = self._add(node)
                self.own[key] = self.own.get(key, 0) + size
        self.inside = self.sum_up(set())

    def _add(self, node: LexborNode) -> int:
        key = inner = node.mem_id
        path: list[tuple[int, LexborNode]] = []
        while inner not in self.nodes:
            path.append((inner, node))
            node = node.parent  # type: ignore[assignment]  # the top is among those around
            self.around[inner] = inner = node.mem_id
        self.nodes.update(reversed(path))
        return key

    def sum_up(self, without: set[int]) -> dict[int, int]:
        """The characters inside each element, those inside of some elements left out."""
        outside = set()
        for key in self.nodes:
            if key in without or self.around.get(key) in outside:
                outside.add(key)
        inside = {key: size for key, size in self.own.items() if key not in outside}
        for key in reversed(self.nodes):
            if key in inside and key in self.around:
                inside[self.around[key]] = inside.get(self.around[key], 0) + inside[key]
        return inside
