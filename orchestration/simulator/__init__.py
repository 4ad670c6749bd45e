"""A model provider over real HTTP, for demos and tests: simulated models, or recorded answers of real ones.

Not here: anything that the product imports; it meets this server only as one more OpenAI-compatible host.
"""
