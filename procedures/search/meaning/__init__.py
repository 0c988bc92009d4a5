"""Meaning, for who installs it: passages found by what they say, whatever their words.

Where SEARCH_MODEL names a sentence model, every passage has a vector, made in the background and kept beside the index;
a query's vector is compared with those of the passages that its reader may see. Without a model, while vectors are
still being made, and wherever something of it is broken, a search finds by words alone.
"""
