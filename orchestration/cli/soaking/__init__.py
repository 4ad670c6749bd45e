"""The parts of `aibaas soak`: its services, its faults, its runs, and what it finds.

Not here: the row-by-row comparison (storage.reconciliation), nor the command (soak).
"""
