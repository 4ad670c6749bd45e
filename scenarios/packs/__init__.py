"""Public task sets as scenarios: one importer a file, and the writer of the folders.

Not here: proving that the imported tasks hold (orchestration).
"""
