-- Nobody is registered in a region that is not there: what looks at all regions of registrations (registration_made)
-- would refuse everybody else's too.
CREATE FUNCTION no_region_of_registrations_goes() RETURNS trigger LANGUAGE plpgsql
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM gone WHERE EXISTS (SELECT FROM registration WHERE registration.region = gone.id)
             AND NOT EXISTS (SELECT FROM region WHERE region.id = gone.id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'the registrations of a region go first', TABLE = 'region', CONSTRAINT = 'registration_of_region';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER region_gone AFTER DELETE ON "region" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION no_region_of_registrations_goes();--> statement-breakpoint
CREATE TRIGGER region_renamed AFTER UPDATE ON "region" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION no_region_of_registrations_goes();
