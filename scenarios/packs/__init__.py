"""Importers of public task sets: one a file, each reads the files as their authors publish them and yields tasks.

They start nothing and import nothing of the other programs; `folder` writes a task as a scenario.
"""
