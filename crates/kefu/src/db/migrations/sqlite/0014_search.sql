-- The search index is in a file of its own (`search.db`), which can be deleted at any time: nothing to do here.
SELECT 1;
