"""Files that people upload: how they are received, what is refused, and where what is taken is kept.

Nothing in here knows who uploads or what for. `checking.check` judges a file by its content, `storage` keeps it.
"""
