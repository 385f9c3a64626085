"""Quality flags: what a reader of an article should know about it."""

FLAGS = {
    "boilerplate_removed": "lines that recur over the articles of the source were taken out",
    "gazetteer_entities": "entities are known names alone: no model that was asked for reads the language",
    "implausible_date": "the date given is before the earliest one accepted, or over a day after it was read",
    "mojibake_repaired": "text had been decoded with the wrong encoding, and was put right",
    "no_text": "nothing but a title",
    "page_unavailable": "the full text was to come from the entry's page, which could not be had",
    "truncated": "the text breaks off: it ends in an ellipsis or in `Read more`",
    "undated": "the source gives no date",
    "undecoded_characters": "text holds U+FFFD, in the place of characters lost before it was read",
    "unparsed_date": "the date given cannot be understood, or could mean two days",
    "unusable_url": "the link given is no absolute http or https URL",
}

# Those that tagging sets; the others say how the text came to be.
TAG_FLAGS = ("gazetteer_entities",)
