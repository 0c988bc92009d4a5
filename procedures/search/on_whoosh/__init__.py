"""The index on disk, with Whoosh: for a site on one machine, without anything else to be run."""
