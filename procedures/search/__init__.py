"""The search room: an index of passages that can be thrown away and remade, and the results page over it.

The index ranks and the database authorises. It holds the passages of every published version, of all days and all
partnerships; a search looks at those of its reader's partnerships on the reader's day, and the database confirms each.
"""
