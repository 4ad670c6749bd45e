"""The only home of Dagster: thin definitions that call the domain and put its counts into metadata."""
