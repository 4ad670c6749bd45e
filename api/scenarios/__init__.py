"""The tasks that models are asked, and how their public variants were graded."""
