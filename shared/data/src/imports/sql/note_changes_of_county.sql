-- As for the License Master, over the columns that a county list carries. A row that the License Master has removed comes back
-- only when the county list ($2, its date) is not older than the removal.
INSERT INTO import_changes (import_id, license_number, operation, before)
SELECT s.import_id, c.license_number, 'UPDATE', to_jsonb(c) - '{search,display_name}'::text[]
FROM import_staging AS s
JOIN california_contractors AS c USING (license_number)
WHERE s.import_id = $1
    AND (
        (c.removed_from_source_on <= $2)
        OR (
            c.region, c.business_name, c.business_type, c.address, c.city, c.state, c.county, c.zip_code,
            c.phone, c.issue_date, c.expiration_date, c.primary_status, c.in_good_standing, c.classifications,
            c.wc_coverage_type, c.wc_insurance_company, c.wc_policy_number, c.wc_effective_date,
            c.wc_expiration_date, c.wc_cancellation_date, c.wc_suspend_date, c.cb_surety_company, c.cb_number,
            c.cb_effective_date, c.cb_cancellation_date, c.coordinates
        ) IS DISTINCT FROM (
            s.region, s.business_name, s.business_type, s.address, s.city, s.state, s.county, s.zip_code,
            s.phone, s.issue_date, s.expiration_date, s.primary_status, s.in_good_standing, s.classifications,
            s.wc_coverage_type, s.wc_insurance_company, s.wc_policy_number, s.wc_effective_date,
            s.wc_expiration_date, s.wc_cancellation_date, s.wc_suspend_date, s.cb_surety_company, s.cb_number,
            s.cb_effective_date, s.cb_cancellation_date,
            ST_Point(s.longitude, s.latitude, 4326)::geography
        )
    )
