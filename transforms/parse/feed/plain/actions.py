"""The actions of `elements.tsv`: what is done at the start of an element, and at its end with its text."""

from collections.abc import Callable

from transforms.parse.feed.plain import contents, structure
from transforms.parse.feed.plain.elements import Element
from transforms.parse.feed.plain.state import Attributes, State

Begin = Callable[[State, Element, Attributes], None]
Finish = Callable[[State, Element, Attributes, str], None]

BEGIN: dict[str, Begin] = {
    "root": structure.begin_root,
    "channel": structure.begin_channel,
    "entry": structure.begin_entry,
    "bare": contents.begin_bare,
    "keywords": contents.begin_bare,
    "title": contents.begin_title,
    "summary": contents.begin_summary,
    "content": contents.begin_text,
    "rights": contents.begin_text,
    "link": structure.begin_link,
    "enclosure": structure.add_enclosure,
    "author": structure.begin_author,
    "person": structure.expect_silence,
    "silent": structure.expect_silence,
    "aside": structure.expect_silence,
    "source_title": structure.begin_source_title,
    "category": contents.begin_category,
    "media": contents.add_media,
    "thumbnail": contents.add_media,
    "cover": contents.keep_cover,
    "source": structure.begin_source,
    "owner": structure.refuse_owner,
}

FINISH: dict[str, Finish] = {
    "root": structure.finish_channel,
    "channel": structure.finish_channel,
    "entry": structure.finish_entry,
    "text": contents.keep_text,
    "bare": contents.keep_text,
    "rights": contents.keep_rights,
    "title": contents.keep_title,
    "summary": contents.keep_summary,
    "content": contents.add_content,
    "link": structure.finish_link,
    "guid": structure.keep_guid,
    "author": structure.finish_author,
    "person": structure.keep_person,
    "category": contents.finish_category,
    "keywords": contents.add_keywords,
    "thumbnail": contents.check_thumbnail,
    "caption": contents.keep_caption,
    "source": structure.finish_source,
    "source_title": structure.keep_source_title,
    "silent": structure.finish_silence,
}
