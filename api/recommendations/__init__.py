"""Which model to take for a kind of work, under limits of price, speed and reliability."""
