"""What people see: places, each with its blueprint, views and forms, over a few shared services."""
