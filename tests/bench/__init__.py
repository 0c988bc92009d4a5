"""What the portal's speed owes to the size of the manual: the same pages on 50 versions and on 50,000, side by side.

    make bench
    make bench BENCH="--versions 2000"
    make bench BENCH="--database postgresql"
    make bench BENCH="--only search"
    make bench BENCH="--only search-quality --half tuning --back-end whoosh"

Nothing is said about seconds, which are the machine's: the ratios inside one run are the point. Both databases are
made, filled by the importer, read and thrown away in one go.

And how good the search is on practitioners' queries (tests/search/queries.tsv), beside two others as they come, and
what it costs to search 12,000 and 50,000 passages, with each of its back ends.
"""
