-- The primary key's index on each partition serves it; the number alone names one row, since licences holds it once.
SELECT
    license_number AS "license_number!", display_name AS "display_name!", business_name AS "business_name!",
    full_business_name, dba_name, business_type, address, city, state, county, zip_code, country, phone,
    issue_date, reissue_date, expiration_date, inactivation_date, reactivation_date,
    pending_suspension, pending_class_removal, pending_class_replace,
    primary_status AS "primary_status!", secondary_status, in_good_standing AS "in_good_standing!",
    classifications AS "classifications!", asbestos_registration,
    wc_coverage_type, wc_insurance_company, wc_policy_number,
    wc_effective_date, wc_expiration_date, wc_cancellation_date, wc_suspend_date,
    cb_surety_company, cb_number, cb_effective_date, cb_cancellation_date, cb_amount_cents,
    wb_surety_company, wb_number, wb_effective_date, wb_cancellation_date, wb_amount_cents,
    db_surety_company, db_number, db_effective_date, db_cancellation_date, db_amount_cents,
    date_required, discp_case_region, db_bond_reason, db_case_no, name_tp_2,
    is_namc_member AS "is_namc_member!", removed_from_source_on,
    ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng,
    version AS "version!"
FROM contractor_listings
WHERE license_number = $1
