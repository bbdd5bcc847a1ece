"""The lip decoder of one person: the network, how it learns, how it is kept and handed to the player."""
