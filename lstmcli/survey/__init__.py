"""What data looks like to someone who sees it for the first time: what was understood, and what is odd."""
