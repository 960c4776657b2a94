"""What a function is: its declaration, its one evaluation path, its formula."""
