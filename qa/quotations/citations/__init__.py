"""Citations: quotations with what is known of their essays, for programs that manage references and for people."""
