def parse_page(document, text): yield from ()
