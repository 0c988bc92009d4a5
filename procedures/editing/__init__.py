"""The workspace: drafts, preview, review, releases, renumbering and what else an editor does to a text."""
