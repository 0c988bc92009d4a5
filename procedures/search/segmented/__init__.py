"""An index in segments that never change, in memory column by column: what the back ends have in common."""
