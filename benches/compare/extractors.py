"""Has one of the tools that are written in Python work on pages: extractors.py TOOL OUT PAGE...

Does what `dechaff-compare` does, and prints the same line. What comes out is HTML, if the tool can write it, or text.
"""
import html
import os
import sys
import time


def trafilatura(recall):
    from trafilatura import extract

    return lambda page: extract(page, output_format="html", favor_recall=recall)


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def text(page):
        page = bytes_to_str(page, detect_encoding(page))
        # It is text, and has to be read as such.
        return html.escape(extract_plain_text(page, main_content=True))

    return text


TOOLS = {
    "trafilatura": lambda: trafilatura(False),
    "trafilatura-recall": lambda: trafilatura(True),
    "resiliparse": resiliparse,
}


def main():
    tool, out, *pages = sys.argv[1:]
    tool = TOOLS[tool]()
    seconds, size, failed = 0.0, 0, 0
    for path in pages:
        with open(path, "rb") as file:
            page = file.read()
        size += len(page)
        start = time.process_time()
        try:
            clean = tool(page)
        except Exception:
            clean = None
        seconds += time.process_time() - start
        if clean is None:
            failed += 1
        if out != "-":
            with open(os.path.join(out, os.path.basename(path)), "wb") as file:
                file.write((clean or "").encode("utf-8", "replace"))
    print(seconds, size, failed)


if __name__ == "__main__":
    main()
