"""Pictures of the real window in every state that a user can meet: `python -m tests.pictures DIR`."""
