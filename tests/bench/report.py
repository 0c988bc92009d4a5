"""The tables that are printed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.bench.importing import Import

if TYPE_CHECKING:
    from tests.bench.measures import Result


def importing_table(sizes: tuple[int, int], imports: Sequence[Import]) -> str:
    seconds = [one.seconds for one in imports]
    rates = [size / one.seconds for size, one in zip(sizes, imports, strict=True)]
    processor = [one.processor_seconds for one in imports]
    peaks = [one.peak_megabytes for one in imports]
    rows = [
        _row("import_content", *(f"{value:.1f} s" for value in seconds), seconds[1] / seconds[0]),
        _row("  of which processor time", *(f"{value:.1f} s" for value in processor), processor[1] / processor[0]),
        _row("versions a second", *(f"{value:,.0f}" for value in rates), rates[1] / rates[0]),
        _row("peak memory", *(f"{value:,.0f} MB" for value in peaks), peaks[1] / peaks[0]),
    ]
    return "\n".join([_head("importing", sizes), *rows])


def pages_table(sizes: tuple[int, int], results: Sequence["Result"]) -> str:
    rows = [
        _row(
            result.measure.name,
            *(f"{seconds * 1000:,.2f} ms" for seconds in result.seconds),
            result.seconds[1] / result.seconds[0],
            *result.queries,
        )
        for result in results
    ]
    return "\n".join([_head("measure", sizes) + f"{'queries':>12}", *rows])


def _head(measure: str, sizes: tuple[int, int]) -> str:
    return f"{measure:<36}{sizes[0]:>14,}{sizes[1]:>14,}{'ratio':>9}"


def _row(measure: str, small: str, large: str, ratio: float, *queries: int) -> str:
    counted = f"{queries[0]:>7} {queries[1]:>4}" if queries else ""
    return f"{measure:<36}{small:>14}{large:>14}{ratio:>9.2f}{counted}"
