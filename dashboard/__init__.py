"""The pages that people look at; they read the API and nothing else."""
