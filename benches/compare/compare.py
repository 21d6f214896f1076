"""Compares dechaff with other tools, and prints the tables of COMPARE.md. `run` says what it needs and takes."""
import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean

from words import left, seen, sequences, words_of

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "corpus"

# What each is called in the tables, and which program knows it.
TOOLS = {
    "dechaff": ("dechaff", "rust"),
    "dechaff-all": ("dechaff, all categories", "rust"),
    "dechaff-list": ("30 selectors as a filter list, in dechaff", "rust"),
    "lol_html": ("30 selectors, lol_html", "rust"),
    "spider": ("spider, `clean_html_base`", "rust"),
    "readability": ("Readability (dom_smoothie)", "rust"),
    "trafilatura": ("trafilatura", "python"),
    "trafilatura-recall": ("trafilatura, `favor_recall`", "python"),
    "resiliparse": ("resiliparse, `main_content`", "python"),
}


def start(rust, tool, out, pages):
    """Has a tool work on pages: gives its seconds of processor time, their bytes, and how many it gave up."""
    program = [rust] if TOOLS[tool][1] == "rust" else [sys.executable, str(HERE / "extractors.py")]
    done = subprocess.run([*program, tool, str(out), *map(str, pages)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    seconds, size, failed = done.stdout.split()[-3:]
    return float(seconds), int(size), int(failed)


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|---|" + "--:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def share(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def corpus_tables(rust, out):
    truth = tomllib.loads((HERE / "pages.toml").read_text())
    before, kept = {}, {}
    for name, parts in truth.items():
        source = CORPUS / name / "source.html"
        (out / "in").mkdir(exist_ok=True)
        page = out / "in" / name
        page.write_bytes(source.read_bytes())
        before[name] = seen(page.read_bytes(), parts)
    for tool in TOOLS:
        folder = out / tool
        folder.mkdir()
        start(rust, tool, folder, [out / "in" / name for name in truth])
        for name in truth:
            kept[tool, name] = left(before[name], seen((folder / name).read_bytes()))[0]

    news = "republished-news"
    total = Counter(part for _, part in before[news])
    columns = [*truth[news], None]
    print(f"Words of corpus/{news} that are left:\n")
    row = lambda count: [str(count[part]) for part in columns]
    table(["", *(part or "the rest" for part in columns)],
          [["the page", *row(total)], *([label, *row(kept[tool, news])] for tool, (label, _) in TOOLS.items())])

    print("Main content that is left / words of chaff that are left:\n")
    chaff = lambda count: sum(n for part, n in count.items() if part not in (None, "title", "main"))
    others = [name for name in truth if name != news]
    count = {name: Counter(part for _, part in before[name]) for name in others}
    rows = [["the page", *(f"{count[name]['main']} words / {chaff(count[name])}" for name in others)]]
    for tool, (label, _) in TOOLS.items():
        cells = (f"{share(kept[tool, name]['main'], count[name]['main'])} / {chaff(kept[tool, name])}" for name in others)
        rows.append([label, *cells])
    table(["", *others], rows)


def score(job):
    """One page after one tool: of the main content, what is left and what was there; all that is left; chaff left and there."""
    page, clean, main, chaff = job
    before = sequences([word for word, _ in seen(page)])
    after = sequences([word for word, _ in seen(clean)])
    want = sequences(words_of(main))
    there = {words: min(n, before[words]) for words, n in want.items() if words in before}
    kept = sum(min(n, after[words]) for words, n in there.items())
    marked = {words for text in chaff for words in sequences(words_of(text)) if words in before and words not in want}
    return kept, sum(there.values()), sum((after & want).values()), sum(after.values()), len(marked & after.keys()), len(marked)


def real_tables(rust, out, folder, rounds):
    truth = json.loads(gzip.decompress((folder / "ground-truth.json.gz").read_bytes()))
    targets = folder / "targets.json.gz"
    targets = json.loads(gzip.decompress(targets.read_bytes())) if targets.exists() else {}
    pages = []
    (out / "pages").mkdir()
    for file in sorted((folder / "html").glob("*.html.gz")):
        name = file.name.removesuffix(".html.gz")
        if name in truth:
            pages.append(out / "pages" / name)
            pages[-1].write_bytes(gzip.decompress(file.read_bytes()))
    # Readers' comments are no chaff unless one asks for it.
    chaff = {
        page.name: [one["text"] for one in targets.get(page.name, {}).get("targets", []) if one["cat"] != "comment_section"]
        for page in pages
    }
    rows = []
    for tool, (label, _) in TOOLS.items():
        clean = out / f"{tool}-pages"
        clean.mkdir()
        failed = start(rust, tool, clean, pages)[2]
        jobs = (
            (page.read_bytes(), (clean / page.name).read_bytes(), truth[page.name].get("main_content") or "", chaff[page.name])
            for page in pages
        )
        with ProcessPoolExecutor(2) as pool:
            scores = [one for one in pool.map(score, jobs, chunksize=8) if one[1]]
        kept = [one[0] / one[1] for one in scores]
        out_main, out_all, chaff_left, chaff_all = (sum(one[i] for one in scores) for i in (2, 3, 4, 5))
        rows.append([
            label,
            f"{100 * mean(kept):.2f} %",
            str(sum(one < 0.95 for one in kept)),
            str(sum(one < 0.5 for one in kept)),
            share(chaff_left, chaff_all),
            share(out_main, out_all),
            str(failed),
        ])
        print(label, file=sys.stderr, flush=True)
    print(f"{len(pages)} pages, {len(scores)} of them with main content:\n")
    head = ["", "main content kept", "pages that lost over 5 %", "over 50 %", "chaff left", "main content in what comes out", "failed"]
    table(head, rows)
    speed(rust, pages[::5], rounds)


def speed(rust, pages, rounds):
    best = dict.fromkeys(TOOLS, float("inf"))
    for _ in range(rounds):
        for tool in TOOLS:
            seconds, size, _ = start(rust, tool, "-", pages)
            best[tool] = min(best[tool], seconds)
    print(f"{len(pages)} pages, {size / 1e6:.1f} MB, the best of {rounds} turns:\n")
    rows = ([label, f"{size / best[tool] / 1e6:.3g}"] for tool, (label, _) in TOOLS.items())
    table(["", "MB in a second of processor time"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rust", required=True, help="the program dechaff-compare")
    parser.add_argument("--rounds", type=int, default=5, help="how often speed is measured")
    parser.add_argument("dir", nargs="?", type=Path, help="pages whose main content is known")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        corpus_tables(asked.rust, Path(out))
        if asked.dir:
            real_tables(asked.rust, Path(out), asked.dir, asked.rounds)
        else:
            speed(asked.rust, sorted(CORPUS.glob("*/source.html")), asked.rounds)


if __name__ == "__main__":
    main()
