"""The plan of an hour, and the runner that asks what is missing of it.

Not here: how a provider is spoken to (providers), nor how answers are stored (storage).
"""
