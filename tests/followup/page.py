"""Write docs/rules/indicators.md from the definitions: python -m tests.followup.page"""

from pathlib import Path

from vardnav.followup.rules import INDICATORS, Indicator, Level, target
from vardnav.organisation.rules import CapacityParameters

PLACE = Path(__file__).resolve().parents[2] / "docs" / "rules" / "indicators.md"
HEAD = """# Indicators: what the region follows

Written from `src/vardnav/followup/rules/` by `python -m tests.followup.page`; a test keeps it true. The numbers behind
each are worked in `tests/followup/test_rules.py`, and the counting is compared with a loop over every row in
`tests/followup/test_count.py`.

## How a day is counted

* A day is counted as it stands at midnight after it, in Sweden. Today is counted every ten minutes.
* What can be added (numerators and denominators) is kept for each clinic; a municipality or the region is their sum,
  never a mean of means. Medians and percentiles are counted at each level from the rows.
* History is counted back from listings, named doctors, employments, queues and caps, which keep their periods.
  Addresses and care burden keep no history: today's are used.
* A named doctor counts on the days the doctor has an employment at the clinic. Whose doctor has left has none.
* Travel time is an estimate from the middle of the area where the person lives: straight line x 1.3, at 35 km/h for the
  first 5 km, 60 km/h up to 25 km and 80 km/h beyond, and 3 minutes to start and park. Percentiles are the least whole
  minute that the share of people do not exceed.
* One to four people are not told, nor a share that would give them away. Where a single number in a column is hidden,
  the smallest of the others is hidden too, so that nobody can subtract. Nought is told.
"""


def page() -> str:
    return HEAD + "".join(section(one) for one in INDICATORS)


def section(one: Indicator) -> str:
    goal = target(one.goal, CapacityParameters())
    rows = [
        ("Key", f"`{one.key}`"),
        ("Definition", one.definition.en),
        ("Numerator", one.numerator.en),
        ("Denominator", one.denominator.en if one.denominator else "–"),
        ("Missing", one.missing.en),
        ("Levels", ", ".join(level.value for level in Level if level in one.levels)),
        ("Goal", f"{'at most' if goal.at_most else 'at least'} {goal.value:.4g}" if goal else "–"),
        ("Source", one.source.en),
        ("På svenska", f"{one.definition.sv} Täljare: {one.numerator.sv}. Saknas: {one.missing.sv}"),
    ]
    table = "".join(f"| {name} | {text} |\n" for name, text in rows)
    return f"\n## {one.name.en} ({one.name.sv})\n\n| | |\n|---|---|\n{table}"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
