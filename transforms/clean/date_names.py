"""Names of months and time zones, as dates in feeds use them, in lower case."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

_LINES = (files("transforms.clean") / "month_names.txt").read_text("utf-8").splitlines()
_MONTH_LINES = [line for line in _LINES if not line.startswith("#")]
MONTHS = {name: month for month, names in enumerate(_MONTH_LINES, 1) for name in names.split()}

# Languages whose own numeric dates are 22.03.2025, by the Unicode CLDR 47; in all that it has but Ngomba, dots mean
# that the day comes first. English is left out: its writers put dots into dates of either order.
_DAY_FIRST = (
    "ab az be bg bs cs da de et fi fo fr he hr hy is it ka kk ku"
    " lb lv mk nb nn no pl ro ru se sk sl sq sr tg tk tr tt uk"
)
DAY_FIRST = frozenset(_DAY_FIRST.split())

# Minutes east of UTC. CST and its like are North American, by RFC 822; what means several zones elsewhere
# (IST, BST, AST, GST) is left out: it is no guess of ours.
ZONES = {
    name: round(hours * 60)
    for hours, names in {
        0: "z ut utc gmt wet",
        1: "cet met mez west wat",
        2: "cest mest mesz eet cat sast",
        3: "eest msk eat trt idt",
        3.5: "irst",
        4: "msd",
        4.5: "aft",
        5: "pkt uzt",
        5.75: "npt",
        6.5: "mmt",
        7: "wib ict",
        8: "sgt hkt pht awst myt wita",
        9: "jst kst wit",
        9.5: "acst",
        10: "aest chst",
        10.5: "acdt",
        11: "aedt",
        12: "nzst",
        13: "nzdt",
        -2.5: "ndt",
        -3: "brt art clst uyt adt",
        -3.5: "nst",
        -4: "edt clt vet",
        -5: "est cdt pet cot",
        -6: "cst mdt",
        -7: "mst pdt",
        -8: "pst akdt",
        -9: "akst hdt",
        -10: "hst",
    }.items()
    for name in names.split()
}

# The same name in summer and in winter.
_REGIONS = {
    "at": "America/Halifax",
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


def find_region(name: str) -> str:
    """The IANA time zone of a name in lower case (`europe/paris`, `et`); empty where it is none."""
    return _iana_zones().get(name, "") if "/" in name else _REGIONS.get(name, "")


@cache
def _iana_zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
