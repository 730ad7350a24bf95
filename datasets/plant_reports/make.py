"""Makes the data set of this folder: `python make.py` writes train.csv and test.csv, the same each time."""

import csv
from pathlib import Path

import numpy as np

PLACES = (
    *("mixer", "assembler", "conveyor", "press", "boiler", "robot arm"),
    *("scanner", "packing line", "cooling tower", "sorter", "dryer", "lift"),
)
WHEN = (
    *("", "since this morning", "again", "during the night shift"),
    *("after start-up", "for two days", "sometimes", "at full load"),
)
REPORTS = {
    "mechanical": [
        "loud {noise} coming from the {place} {when}",
        "the {part} of the {place} is {broken} {when}",
        "{place} vibrates and {noise} is heard {when}",
        "items get stuck in the {place} because the {part} is {broken}",
    ],
    "electrical": [
        "{place} {dies} {when}",
        "{blown} in the {place} {when}",
        "smell of burnt {wire} near the {place} {when}",
        "sparks at the {wire} of the {place}, then it {dies}",
    ],
    "leak": [
        "{fluid} is {drips} from the {place} {when}",
        "puddle of {fluid} under the {place} {when}",
        "the seal of the {place} is worn and {fluid} is {drips} {when}",
        "low {fluid} level in the {place}, hose is {drips}",
    ],
    "software": [
        "{place} shows {message} {when}",
        "the program of the {place} {hangs} {when}",
        "after the update the {place} {hangs} and reports {message}",
        "{message} on the panel of the {place}, it {hangs} {when}",
    ],
}
WORDS = {
    "noise": "rattling|grinding|squealing|banging|knocking|scraping",
    "part": "bearing|belt|gear|shaft|chain|gripper",
    "broken": "bent|cracked|worn out|loose|jammed|misaligned",
    "dies": "loses power|does not start|shuts down|goes dark|trips the breaker",
    "blown": "blown fuse|short circuit|tripped breaker|dead motor",
    "wire": "cable|wiring|relay|plug|transformer",
    "fluid": "oil|coolant|water|hydraulic fluid|grease",
    "drips": "dripping|leaking|spraying|seeping|pouring out",
    "message": "error 27|a wrong reading|a time-out|invalid recipe|a sensor message",
    "hangs": "freezes|crashes|restarts|does not respond|loses its settings",
}


def report(random: np.random.Generator, kind: str) -> str:
    """One text of this kind."""
    words = {name: random.choice(text.split("|")) for name, text in WORDS.items()}
    text = random.choice(REPORTS[kind]).format(place=random.choice(PLACES), when=random.choice(WHEN), **words)
    text = " ".join(text.split())
    return text[0].upper() + text[1:] + random.choice([".", "", "!"])


def main() -> None:
    """Draw both parts and write them; no text stands in both."""
    random = np.random.default_rng(7)
    known: set[str] = set()
    for part, count in (("train", 400), ("test", 200)):
        rows = []
        while len(rows) < count:
            kind = list(REPORTS)[len(rows) % len(REPORTS)]
            text = report(random, kind)
            if text not in known:
                known.add(text)
                rows.append((text, kind))
        with Path(__file__).with_name(f"{part}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("report", "category"))
            writer.writerows(rows[k] for k in random.permutation(count))


if __name__ == "__main__":
    main()
