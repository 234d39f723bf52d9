"""From intent to orders, from orders to protected positions."""
