"""What the portal's speed owes to the size of the manual: the same pages on 50 versions and on 50,000, side by side.

    make bench
    make bench BENCH="--versions 2000"
    make bench BENCH="--database postgresql"

Nothing is said about seconds, which are the machine's: the ratios inside one run are the point. Both databases are
made, filled by the importer, read and thrown away in one go.
"""
