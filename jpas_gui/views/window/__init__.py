"""What the window does beside showing tabs: menus, opening, saving, help."""
