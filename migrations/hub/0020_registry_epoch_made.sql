-- A row that is missing is made, at a value that no process can have seen: one that counted from the start again
-- would seem to be the register that a process holds already.
CREATE OR REPLACE FUNCTION registry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Once a transaction, however many rows it changes.
  IF current_setting('tsunagi.registry_changed', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    PERFORM set_config('tsunagi.registry_changed', pg_current_xact_id()::text, true);
    INSERT INTO epoch (kind, key, value)
    VALUES ('registry', '', (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    ON CONFLICT (kind, key) DO UPDATE SET value = epoch.value + 1;
  END IF;
  RETURN NULL;
END $$;
