"""A forgetting as the command runs it, and what it says."""

import re
import time
from collections.abc import Iterator, Sequence

from pipelines.failures import readable
from pipelines.terminal import printable
from schemas.errors import UsageError
from transforms.clean.urls import canonical_url
from transforms.count_of import count_of, noun
from transforms.forget.forget import Forgot, forget
from transforms.forget.selection import Selection
from transforms.iceberg.registered import sync_registered

_ID = re.compile("[0-9a-f]{16}")


def select(urls: Sequence[str], ids: Sequence[str], sources: Sequence[str], before: int, everything: bool) -> Selection:
    """What the options select. UsageError names a URL or an id that is none."""
    if everything and not before:
        raise UsageError("--everything is for --before, which is not given")
    canonical = {url: canonical_url(url) for url in urls}
    for url in (url for url, found in canonical.items() if not found):
        raise UsageError(f"--url {url[:200]!r} is no http or https URL")
    for article_id in (article_id for article_id in ids if not _ID.fullmatch(article_id)):
        raise UsageError(f"--id {article_id[:100]!r} is no article_id of 16 hex digits")
    numbers = tuple(int(article_id, 16) for article_id in ids)
    return Selection(tuple(canonical.values()), numbers, tuple(sources), before, everything)


def forget_dataset(output: str, selection: Selection, *, dry_run: bool) -> Forgot:
    """As `forget`, with the Iceberg tables after it, and a DatelineError for an OSError."""
    with readable(lambda: "run it again: a commit is whole or not made"):
        forgot = forget(output, selection, time.time_ns() // 1000, dry_run=dry_run)
        if not dry_run:
            sync_registered(output, history=False)
    return forgot


def forgot_lines(forgot: Forgot, *, dry_run: bool) -> Iterator[str]:
    """What has gone; in a dry run what would go, with the addresses of some of it."""
    if forgot.is_nothing:
        yield "Nothing to forget"
        return
    yield f"{'Would forget' if dry_run else 'Forgot'} {count_of(forgot.articles, 'article')}"
    told = [(count, "row", f"of {name}") for name, count in forgot.rows.items()] + [
        (forgot.raw_documents, "document", "kept as fetched"),
        (forgot.raw_files, "file", "of such documents"),
        (forgot.waiting, "row", "in the waiting window of a stream"),
        (forgot.quarantined, "file", "moved aside by a repair"),
        (forgot.manifests, "file", "with the name of a source"),
        (forgot.hashes, "hash", "added against its coming back"),
    ]
    for count, what, which in told:
        if count:
            yield f"{count:>9,}  {noun(count, what)} {which}"
    for row in forgot.examples if dry_run else ():
        yield f"  {row['article_id']}  {printable(row['url'] or '')[:120]}  {printable(row['source'])[:80]}"
