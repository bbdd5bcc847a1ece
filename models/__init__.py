"""What was learned: networks, their cards, the recipes that made them, and the default avatars."""
