"""Names of months and time zones, as dates in feeds use them, in lower case."""

# English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Norwegian, Swedish; long and short.
_MONTH_NAMES = (
    "january jan januar jänner januari janvier janv enero ene gennaio gen janeiro",
    "february feb februar februari février fevrier févr fevr febrero febbraio fevereiro fev",
    "march mar märz maerz mär mrz mars marzo março marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei maj",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout agosto ago augustus augusti",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember des",
)
MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

# Minutes east of UTC. Names that mean several zones (IST, BST, AST) are left out: they are no guess of ours.
ZONES = {
    name: round(hours * 60)
    for hours, names in {
        0: "z ut utc gmt wet",
        1: "cet met mez west wat",
        2: "cest mest mesz eet cat sast",
        3: "eest msk eat trt",
        5: "pkt",
        5.75: "npt",
        7: "wib ict",
        8: "sgt hkt pht awst myt",
        9: "jst kst",
        9.5: "acst",
        10: "aest",
        10.5: "acdt",
        11: "aedt",
        12: "nzst",
        13: "nzdt",
        -3: "brt",
        -3.5: "nst",
        -2.5: "ndt",
        -4: "edt",
        -5: "est cdt",
        -6: "cst mdt",
        -7: "mst pdt",
        -8: "pst akdt",
        -9: "akst",
        -10: "hst",
    }.items()
    for name in names.split()
}
