"""The publisher of an article, by the domain of its address."""

from functools import lru_cache

from tldextract import TLDExtract

# The public suffix list that the library ships: nothing is fetched, nothing is written. Its private part
# counts, for `name.blogspot.com` is a publisher and blogspot.com is none.
_extract = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def registrable_domain(url: str) -> str:
    """The domain of a canonical URL that its owner registered (`bbc.co.uk`); empty for an IP address."""
    return _domain_of(url.split("/", 3)[2].partition(":")[0]) if url else ""


@lru_cache(maxsize=65_536)
def _domain_of(host: str) -> str:
    return _extract(host).top_domain_under_public_suffix
