-- Writes the rows that differ, and of them only what a county list carries.
UPDATE california_contractors AS c
SET
    business_name = s.business_name,
    business_type = s.business_type,
    address = s.address,
    city = s.city,
    state = s.state,
    county = s.county,
    zip_code = s.zip_code,
    phone = s.phone,
    issue_date = s.issue_date,
    expiration_date = s.expiration_date,
    primary_status = s.primary_status,
    in_good_standing = s.in_good_standing,
    classifications = s.classifications,
    wc_coverage_type = s.wc_coverage_type,
    wc_insurance_company = s.wc_insurance_company,
    wc_policy_number = s.wc_policy_number,
    wc_effective_date = s.wc_effective_date,
    wc_expiration_date = s.wc_expiration_date,
    wc_cancellation_date = s.wc_cancellation_date,
    wc_suspend_date = s.wc_suspend_date,
    cb_surety_company = s.cb_surety_company,
    cb_number = s.cb_number,
    cb_effective_date = s.cb_effective_date,
    cb_cancellation_date = s.cb_cancellation_date,
    coordinates = ST_Point(s.longitude, s.latitude, 4326)::geography,
    removed_from_source_on = CASE WHEN c.removed_from_source_on <= $2 THEN NULL ELSE c.removed_from_source_on END,
    last_import_id = s.import_id,
    updated_at = now(),
    version = c.version + 1
FROM import_staging AS s
JOIN import_changes AS changed USING (import_id, license_number)
WHERE s.import_id = $1
    AND changed.operation = 'UPDATE'
    AND c.license_number = s.license_number
    AND c.region = s.region
