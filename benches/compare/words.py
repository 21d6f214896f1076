"""The words of a page that can be seen, and what of them is left in another page or text."""
import difflib
import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

# Japanese and Chinese have no spaces: there each character counts.
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORD = re.compile(f"[{CJK}]|[^\\W{CJK}]+")
UNSEEN = {"script", "style", "noscript", "template", "head", "title", "svg", "iframe"}


def words_of(text):
    return WORD.findall(text.lower())


def seen(page, parts=None):
    """The words of a page, in order, each with the part it is of; `parts`: selectors by part."""
    tree = LexborHTMLParser(page)
    part_of = {}
    for part, selectors in (parts or {}).items():
        for selector in selectors:
            found = tree.css(selector)
            if not found:
                raise SystemExit(f"{selector} picks nothing")
            part_of.update((node.mem_id, part) for node in found)
    words = []
    if tree.root is None:
        return words
    stack = [(tree.root, None)]
    while stack:
        node, part = stack.pop()
        if node.next is not None:
            stack.append((node.next, part))
        if node.tag == "-text":
            words.extend((word, part) for word in words_of(node.text_content or ""))
        elif node.tag not in UNSEEN and node.child is not None:
            stack.append((node.child, part_of.get(node.mem_id, part)))
    return words


def left(before, after):
    """How many words of each part of `before` are left in `after`, and how many there were."""
    match = difflib.SequenceMatcher(None, [word for word, _ in before], [word for word, _ in after], autojunk=False)
    kept = Counter()
    for block in match.get_matching_blocks():
        kept.update(part for _, part in before[block.a : block.a + block.size])
    return kept, Counter(part for _, part in before)


def sequences(words, length=4):
    """How often each sequence of four words is there."""
    return Counter(zip(*[words[i:] for i in range(length)]))
