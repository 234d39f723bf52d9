"""The habits of rooms: alert profiles and their files, shipped and the user's own."""
