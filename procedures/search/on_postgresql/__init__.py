"""The index in the site's own PostgreSQL: for several machines, and for manuals too large for every worker's memory."""
