"""Anomalies of what is measured: which changes the warehouse's cells show, and on which evidence.

Not here: the detector (stats), nor the tables (storage).
"""
