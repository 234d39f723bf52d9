"""Plants one small fault at a time into the rules about risk and asks whether their tests notice."""
